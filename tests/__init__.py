"""The tests: they mirror xlgenai/, with one folder more for the hosts that run its functions and its workbooks."""
