"""The column types that migrations are written in. Never change one: old versions use them."""

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlmodel.sql.sqltypes import UTCDateTime

JSON = sa.JSON().with_variant(JSONB(), "postgresql")
MOMENT = UTCDateTime()
