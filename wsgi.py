"""What the web server loads."""

from confmgr.app import create_app

application = create_app()
