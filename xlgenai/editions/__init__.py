"""Where the functions run when the file is opened: one model, one set of neutral formulas, an edition only stores them its way."""
