"""PDFs that are kept for a while, so that the same one is not made twice."""

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from confmgr.orm.base import Base, Instant, Key


class CachedDocument(Base):
    """A PDF kept for a while under the hash of everything it was made from: content, language, audience, program."""

    __tablename__ = "cached_document"

    id: Mapped[Key]
    key: Mapped[str] = mapped_column(String(64), unique=True)
    file: Mapped[bytes] = mapped_column(LargeBinary)
    size: Mapped[int]
    made_at: Mapped[Instant]
    used_at: Mapped[Instant] = mapped_column(index=True)
