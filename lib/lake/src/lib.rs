//! Where rows and roll-ups live: layout, Parquet, roll-up files, and the CostQuery that reads them.
