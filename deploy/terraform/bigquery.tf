# The datasets of the store as tables in BigQuery: read where they lie, always the newest version, nothing is copied.

resource "google_bigquery_connection" "store" {
  count         = var.bigquery ? 1 : 0
  connection_id = "tidemill"
  location      = var.location
  description   = "Reads Tidemill's bucket"
  cloud_resource {}
  depends_on = [google_project_service.needed]
}

resource "google_storage_bucket_iam_member" "bigquery" {
  count  = var.bigquery ? 1 : 0
  bucket = google_storage_bucket.store.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_bigquery_connection.store[0].cloud_resource[0].service_account_id}"
}

resource "google_bigquery_dataset" "statistics" {
  #checkov:skip=CKV_GCP_81:holds no rows: tables that point to the bucket
  count       = var.bigquery ? 1 : 0
  dataset_id  = "tidemill"
  location    = var.location
  description = "Datasets that Tidemill publishes"
  labels      = local.labels
}

resource "google_bigquery_table" "deaths" {
  #checkov:skip=CKV_GCP_80:holds no rows: it points to the bucket
  #checkov:skip=CKV_GCP_121:holds no rows: deleting it deletes nothing
  for_each            = var.bigquery ? toset(var.tables) : toset([])
  dataset_id          = google_bigquery_dataset.statistics[0].dataset_id
  table_id            = each.value
  deletion_protection = false
  labels              = local.labels

  external_data_configuration {
    autodetect    = true
    source_format = "DELTA_LAKE"
    source_uris   = ["${local.store}/${each.value}"]
    connection_id = google_bigquery_connection.store[0].name
  }

  depends_on = [google_storage_bucket_iam_member.bigquery]
}
