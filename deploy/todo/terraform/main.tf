terraform {
  required_version = ">= 1.6"
  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.0"
    }
  }
}

provider "google" {
  project = var.project
  region  = var.region
  zone    = var.zone
}

module "network" {
  source = "./modules/network"
  region = var.region
  cidr   = var.subnet_cidr
}

module "identity" {
  source  = "./modules/identity"
  project = var.project
}

module "registry" {
  source = "./modules/registry"
  region = var.region
}

module "cluster" {
  source          = "./modules/cluster"
  name            = var.cluster_name
  region          = var.region
  network         = module.network.network
  subnet          = module.network.subnet
  service_account = module.identity.workload_account
}

module "database" {
  source          = "./modules/database"
  zone            = var.zone
  machine_type    = var.database_machine
  disk_gib        = var.database_disk_gib
  subnet          = module.network.subnet
  address         = var.database_address
  service_account = module.identity.database_account
}

module "functions" {
  source          = "./modules/functions"
  region          = var.region
  insights_image  = var.insights_image
  monitor_image   = var.monitor_image
  service_account = module.identity.function_account
  targets         = var.monitor_targets
}
