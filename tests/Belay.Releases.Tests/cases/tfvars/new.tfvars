region = "eu-west-1"   # where

# Cluster
node_count    = 3
instance_type = "m7i.large"
subnets = ["a", "b"]

tags = {
  env   = "test"
  owner = "platform"
}

# Cache
valkey_node_type = "cache.t4g.small"
valkey_users = {
  app = { access = "on" }
}
