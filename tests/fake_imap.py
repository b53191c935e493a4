"""A small IMAP server on a socket (RFC 3501): one mailbox, folders, and the faults that real ones have."""

import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """What the server holds; a mail is its bytes, `unseen` those that nobody has read."""

    inbox: dict[int, bytes] = field(default_factory=dict)
    folders: dict[str, list[bytes]] = field(default_factory=dict)
    capabilities: str = "IMAP4rev1 MOVE UIDPLUS"
    prefix: str = ""
    refuses_login: bool = False
    hangs_up_at: str = ""
    deleted: set[int] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)


@contextmanager
def serving(box: Mailbox) -> Iterator[str]:
    """The server in a thread; gives its address."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        threading.Thread(target=_accept, args=(listening, box), daemon=True).start()
        yield f"imap://dara:pass%20word@127.0.0.1:{listening.getsockname()[1]}/INBOX"


def _accept(listening: socket.socket, box: Mailbox) -> None:
    while True:
        try:
            talk, _who = listening.accept()
        except OSError:
            return
        with talk, talk.makefile("rwb") as stream:
            stream.write(b"* OK ready\r\n")
            stream.flush()
            for line in stream:
                text = line.decode().rstrip("\r\n")
                box.asked.append(text.partition(" ")[2])
                if box.hangs_up_at and box.hangs_up_at in text:
                    break
                stream.write(_answer(box, *text.split(" ", 1)))
                stream.flush()
                if " LOGOUT" in text:
                    break


def _answer(box: Mailbox, tag: str, command: str) -> bytes:
    words = command.split(" ")
    untagged, status = b"", "OK done"
    match words[0].upper(), words[1:]:
        case "CAPABILITY", _:
            untagged = f"* CAPABILITY {box.capabilities}\r\n".encode()
        case "LOGIN", _ if box.refuses_login or command != 'LOGIN dara "pass word"':
            status = "NO wrong password"
        case "LOGOUT", _:
            untagged = b"* BYE\r\n"
        case "SELECT", _:
            untagged = f"* {len(box.inbox)} EXISTS\r\n".encode()
        case "STATUS", [name, *_rest]:
            status = "OK done" if name.strip('"') in box.folders else "NO no such mailbox"
        case "CREATE", [name]:
            if box.prefix and not name.startswith(f'"{box.prefix}'):
                status = "NO not here"
            else:
                box.folders[name.strip('"')] = []
        case "EXPUNGE", _:
            _expunge(box, list(box.deleted))
        case "UID", [what, *rest]:
            untagged, status = _uid(box, what.upper(), rest)
    return untagged + f"{tag} {status}\r\n".encode()


def _uid(box: Mailbox, what: str, words: list[str]) -> tuple[bytes, str]:
    if what == "SEARCH":
        return b"* SEARCH " + b" ".join(b"%d" % uid for uid in box.inbox) + b"\r\n", "OK done"
    uid = int(words[0])
    if what == "FETCH":
        if uid not in box.inbox:
            return b"", "OK done"
        raw = box.inbox[uid]
        if words[1] == "(RFC822.SIZE)":
            return b"* 1 FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, len(raw)), "OK done"
        part = raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n" if "HEADER" in words[1] else raw
        name = re.sub(r"\.PEEK|[()]", "", words[1]).encode()
        return b"* 1 FETCH (UID %d %s {%d}\r\n%s)\r\n" % (uid, name, len(part), part), "OK done"
    if what in {"MOVE", "COPY"}:
        folder = words[1].strip('"')
        if folder not in box.folders:
            return b"", "NO [TRYCREATE]"
        box.folders[folder].append(box.inbox[uid])
        if what == "MOVE":
            del box.inbox[uid]
    elif what == "STORE":
        box.deleted.add(uid)
    elif what == "EXPUNGE":
        _expunge(box, [uid])
    return b"", "OK done"


def _expunge(box: Mailbox, uids: list[int]) -> None:
    for uid in uids:
        box.inbox.pop(uid, None)
    box.deleted.clear()
