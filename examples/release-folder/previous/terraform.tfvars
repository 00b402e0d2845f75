redis_size = "large" # chosen by the operator
