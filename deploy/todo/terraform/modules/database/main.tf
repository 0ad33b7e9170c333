variable "zone" { type = string }
variable "machine_type" { type = string }
variable "disk_gib" { type = number }
variable "subnet" { type = string }
variable "address" { type = string }
variable "service_account" { type = string }

# One machine outside the cluster, as documented: no high availability. PostgreSQL comes from Debian; its data has a disk of its own,
# which outlives the machine and is snapshotted every night.
resource "google_compute_disk" "data" {
  name = "todo-database-data"
  zone = var.zone
  size = var.disk_gib
  type = "pd-standard"
}

resource "google_compute_resource_policy" "nightly" {
  name = "todo-database-nightly"

  snapshot_schedule_policy {
    schedule {
      daily_schedule {
        days_in_cycle = 1
        start_time    = "03:00"
      }
    }

    retention_policy {
      max_retention_days = 14
    }
  }
}

resource "google_compute_disk_resource_policy_attachment" "nightly" {
  name = google_compute_resource_policy.nightly.name
  disk = google_compute_disk.data.name
  zone = var.zone
}

resource "google_compute_instance" "database" {
  name         = "todo-database"
  zone         = var.zone
  machine_type = var.machine_type
  tags         = ["todo-database"]

  boot_disk {
    initialize_params {
      image = "debian-cloud/debian-12"
      size  = 10
    }
  }

  attached_disk {
    source      = google_compute_disk.data.id
    device_name = "data"
  }

  network_interface {
    subnetwork = var.subnet
    network_ip = var.address
  }

  service_account {
    email  = var.service_account
    scopes = ["cloud-platform"]
  }

  metadata_startup_script = file("${path.module}/start.sh")
}

output "address" { value = google_compute_instance.database.network_interface[0].network_ip }
