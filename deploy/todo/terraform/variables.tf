variable "project" {
  description = "The project everything is made in."
  type        = string
  default     = "todo-app-project"
}

variable "region" {
  type    = string
  default = "europe-west1"
}

variable "zone" {
  description = "Where the database stands: the cluster's region, so that a query stays near."
  type        = string
  default     = "europe-west1-b"
}

variable "cluster_name" {
  type    = string
  default = "todo-app-gke-dev"
}

variable "subnet_cidr" {
  type    = string
  default = "10.0.1.0/24"
}

variable "database_machine" {
  type    = string
  default = "e2-micro"
}

variable "database_disk_gib" {
  type    = number
  default = 20
}

variable "database_address" {
  description = "Inside the subnet; the workloads' DATABASE_URL names it."
  type        = string
  default     = "10.0.1.10"
}

variable "insights_image" {
  description = "Image of Todo.Insights."
  type        = string
}

variable "monitor_image" {
  description = "Image of Todo.Monitor."
  type        = string
}

variable "monitor_targets" {
  description = "name=url pairs the monitor probes every minute, separated by commas."
  type        = string
}
