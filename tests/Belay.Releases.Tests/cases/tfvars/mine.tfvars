region = "eu-central-1"   # where

# Cluster
node_count    = 9
instance_type = "m6i.large"
subnets = ["x", "y"]

tags = {
  env  = "prod"
  cost = "4711"
}
