region = "eu-west-1"   # where

# Cluster
node_count    = 3
instance_type = "m6i.large"
subnets = ["a", "b"]

tags = {
  env = "test"
}
