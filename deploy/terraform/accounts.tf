# Who may do what. The old system had one account with five roles over the whole project; each is mapped to what is needed:
#
#   Cloud Run admin              only who starts jobs per run (the agent): roles/run.developer, on the project, because a
#                                job that does not exist yet cannot carry a binding; plus actAs on the job's account alone
#   Storage admin                roles/storage.objectUser on the one bucket for who writes, objectViewer for who reads
#   Artifact Registry admin      nobody at run time: Terraform makes the repository with your own rights
#   repository administrator     nobody at run time, for the same reason
#   repository writer            roles/artifactregistry.writer on the one repository, for who pushes images (var.pushers)

resource "google_service_account" "etl" {
  account_id   = "tidemill-etl"
  display_name = "Tidemill: runs flows, writes the store"
  depends_on   = [google_project_service.needed]
}

resource "google_service_account" "api" {
  count        = var.api ? 1 : 0
  account_id   = "tidemill-api"
  display_name = "Tidemill: serves the data API, reads the store"
  depends_on   = [google_project_service.needed]
}

resource "google_service_account" "scheduler" {
  count        = var.schedule != null ? 1 : 0
  account_id   = "tidemill-scheduler"
  display_name = "Tidemill: starts the nightly job, nothing else"
  depends_on   = [google_project_service.needed]
}

# The agent outside Google (var.agent) or the virtual machine: makes, runs, watches and deletes Cloud Run jobs.
resource "google_service_account" "agent" {
  count        = var.agent || var.vm != null ? 1 : 0
  account_id   = "tidemill-agent"
  display_name = "Tidemill: hands flow runs to Cloud Run"
  depends_on   = [google_project_service.needed]
}

resource "google_storage_bucket_iam_member" "writers" {
  for_each = merge(
    { etl = google_service_account.etl.email },
    var.vm != null ? { agent = google_service_account.agent[0].email } : {},
  )
  bucket = google_storage_bucket.store.name
  role   = "roles/storage.objectUser"
  member = "serviceAccount:${each.value}"
}

resource "google_storage_bucket_iam_member" "api" {
  count  = var.api ? 1 : 0
  bucket = google_storage_bucket.store.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.api[0].email}"
}

resource "google_artifact_registry_repository_iam_member" "pushers" {
  for_each   = toset(var.pushers)
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.writer"
  member     = each.value
}

resource "google_artifact_registry_repository_iam_member" "vm" {
  count      = var.vm != null ? 1 : 0
  repository = google_artifact_registry_repository.images.name
  location   = google_artifact_registry_repository.images.location
  role       = "roles/artifactregistry.reader"
  member     = "serviceAccount:${google_service_account.agent[0].email}"
}

resource "google_project_iam_member" "agent" {
  for_each = var.agent || var.vm != null ? toset(["roles/run.developer", "roles/logging.viewer"]) : toset([])
  project  = var.project
  role     = each.value
  member   = "serviceAccount:${google_service_account.agent[0].email}"
}

# A job runs as the ETL's account: whoever makes the job has to be allowed to act as that one, and only that one.
resource "google_service_account_iam_member" "agent_acts_as_etl" {
  count              = var.agent || var.vm != null ? 1 : 0
  service_account_id = google_service_account.etl.name
  role               = "roles/iam.serviceAccountUser"
  member             = "serviceAccount:${google_service_account.agent[0].email}"
}

resource "google_secret_manager_secret_iam_member" "etl" {
  for_each  = var.secrets
  secret_id = each.value
  role      = "roles/secretmanager.secretAccessor"
  member    = "serviceAccount:${google_service_account.etl.email}"
}
