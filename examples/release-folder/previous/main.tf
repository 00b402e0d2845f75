# What release 4.1.0 runs on. Resources of the tool itself stand for those of a cloud: nothing has to be had to try the plan.
variable "log" {
  type    = string
  default = "world.log"
}

resource "terraform_data" "network" {
  input = "10.0.0.0/16"
}
