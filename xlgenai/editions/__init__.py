"""Where the functions run when the file is opened: an edition stores the one model its way."""
