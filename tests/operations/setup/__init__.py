"""What must be right on a machine: tests on machines that are made up."""
