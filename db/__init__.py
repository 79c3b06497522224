"""Storage: the vocabularies, the tables, the engine and the migrations. Knows nothing of px."""
