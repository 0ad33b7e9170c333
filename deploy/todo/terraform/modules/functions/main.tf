variable "region" { type = string }
variable "insights_image" { type = string }
variable "monitor_image" { type = string }
variable "service_account" { type = string }
variable "targets" { type = string }

# Both functions are the platform's own programs; here they run as Cloud Run services that scale to zero.
resource "google_cloud_run_v2_service" "insights" {
  name     = "todo-app-insights-dev"
  location = var.region

  template {
    service_account = var.service_account

    scaling {
      min_instance_count = 0
      max_instance_count = 5
    }

    containers {
      image = var.insights_image

      resources {
        limits = {
          cpu    = "1"
          memory = "256Mi"
        }
      }
    }
  }
}

resource "google_cloud_run_v2_job" "monitor" {
  name     = "todo-app-health-monitor-dev"
  location = var.region

  template {
    template {
      service_account = var.service_account
      max_retries     = 0
      timeout         = "50s"

      containers {
        image = var.monitor_image
        args  = ["check"]

        env {
          name  = "TARGETS"
          value = var.targets
        }

        resources {
          limits = {
            cpu    = "1"
            memory = "512Mi"
          }
        }
      }
    }
  }
}

resource "google_cloud_scheduler_job" "every_minute" {
  name     = "todo-app-health-monitor"
  region   = var.region
  schedule = "* * * * *"

  http_target {
    http_method = "POST"
    uri         = "https://run.googleapis.com/v2/${google_cloud_run_v2_job.monitor.id}:run"

    oauth_token {
      service_account_email = var.service_account
    }
  }
}

output "insights_url" { value = google_cloud_run_v2_service.insights.uri }
