variable "name" { type = string }
variable "region" { type = string }
variable "network" { type = string }
variable "subnet" { type = string }
variable "service_account" { type = string }

resource "google_container_cluster" "todo" {
  name                = var.name
  location            = var.region
  network             = var.network
  subnetwork          = var.subnet
  enable_autopilot    = true
  deletion_protection = false

  cluster_autoscaling {
    auto_provisioning_defaults {
      service_account = var.service_account
    }
  }
}

output "name" { value = google_container_cluster.todo.name }
