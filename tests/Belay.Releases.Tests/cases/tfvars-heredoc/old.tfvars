policy = "none"
size = 1
