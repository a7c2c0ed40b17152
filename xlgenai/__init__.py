"""xlgenai: the economics of generative AI, in Excel."""
