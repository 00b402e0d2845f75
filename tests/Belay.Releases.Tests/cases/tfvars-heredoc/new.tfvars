policy = "none"
size = 2
