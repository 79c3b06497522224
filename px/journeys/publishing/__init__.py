"""Drafts and versions: saving, publishing, moving those inside, and counting it beforehand."""
