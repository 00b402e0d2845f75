region = "eu-central-1"   # where

# Cluster
node_count    = 9
instance_type = "m7i.large"
subnets = ["x", "y"]

tags = {
  env  = "prod"
  owner = "platform"
  cost = "4711"
}

# Cache
valkey_node_type = "cache.t4g.small"
valkey_users = {
  app = { access = "on" }
}
