"""The composition root: settings, routes, the gate, the scheduler and the team's pages in one.

Start it with `streamlit run app.py` or `python -m px serve`. Nobody imports this file.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
import streamlit.config
from starlette.middleware import Middleware
from streamlit.runtime.pages_manager import PagesManager

from pages._ui.trouble import say_sorry
from px.core.errors import PxError
from px.core.settings import host_settings
from px.core.work import close_database, open_migrated
from px.scheduler import Runner
from px.web import AuthGate, SecurityHeaders, Sockets, routes
from px.web.start import at_the_end, cookie_secret, quicken, trouble, watching

HERE = Path(__file__).resolve()
HOST = host_settings()
INDEX = Path(st.__file__).with_name("static") / "index.html"
sockets = Sockets()
# Started by another server than Streamlit's own, .streamlit beside this file would not be found.
streamlit.config._main_script_path = streamlit.config._main_script_path or str(HERE)
streamlit.config.set_option("server.cookieSecret", cookie_secret(HOST))


@asynccontextmanager
async def lifespan(_app: st.App) -> AsyncIterator[None]:
    """The database is of this version and the scheduler ticks while the pages are open."""
    PagesManager.uses_pages_directory = False
    await asyncio.to_thread(open_migrated, HOST.database_address)
    quicken("pandas", "pyarrow", "altair", "pages._ui.theme", "pages._ui.table")
    runner = Runner()
    runner.start()
    at_the_end(runner.stop_soon)
    try:
        async with watching(sockets):
            yield
    finally:
        await asyncio.to_thread(runner.stop)
        close_database()


app = st.App(
    HERE.parent / "pages" / "_shell.py",
    routes=routes(sockets),
    lifespan=lifespan,
    middleware=[
        Middleware(SecurityHeaders, index_html=INDEX),
        Middleware(AuthGate, sockets=sockets),
    ],
    exception_handlers={PxError: trouble, Exception: trouble},
    on_script_error=say_sorry,
)
