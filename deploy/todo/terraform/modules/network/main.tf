variable "region" { type = string }
variable "cidr" { type = string }

resource "google_compute_network" "todo" {
  name                    = "todo-app"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "todo" {
  name                     = "todo-app"
  region                   = var.region
  network                  = google_compute_network.todo.id
  ip_cidr_range            = var.cidr
  private_ip_google_access = true
}

resource "google_compute_firewall" "web" {
  name          = "todo-app-web"
  network       = google_compute_network.todo.id
  source_ranges = ["0.0.0.0/0"]

  allow {
    protocol = "tcp"
    ports    = ["80", "443", "30080-30082"]
  }
}

# Shell access goes through the identity-aware proxy, so that no port 22 is open to everybody.
resource "google_compute_firewall" "shell" {
  name          = "todo-app-ssh"
  network       = google_compute_network.todo.id
  source_ranges = ["35.235.240.0/20"]

  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}

resource "google_compute_firewall" "database" {
  name          = "todo-app-database"
  network       = google_compute_network.todo.id
  source_ranges = [var.cidr, "10.0.0.0/8"]
  target_tags   = ["todo-database"]

  allow {
    protocol = "tcp"
    ports    = ["5432"]
  }
}

output "network" { value = google_compute_network.todo.id }
output "subnet" { value = google_compute_subnetwork.todo.id }
