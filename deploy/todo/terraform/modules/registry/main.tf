variable "region" { type = string }

# Serves gcr.io names too once the project's requests are redirected to it.
resource "google_artifact_registry_repository" "todo" {
  location      = var.region
  repository_id = "todo-app"
  format        = "DOCKER"

  cleanup_policies {
    id     = "keep-newest"
    action = "KEEP"

    most_recent_versions {
      keep_count = 10
    }
  }
}

output "url" { value = "${var.region}-docker.pkg.dev/${google_artifact_registry_repository.todo.project}/todo-app" }
