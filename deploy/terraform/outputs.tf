output "store" {
  description = "What to give to --store."
  value       = local.store
}

output "image" {
  description = "What to tag and push the image as."
  value       = local.image
}

output "run_now" {
  description = "Starts the nightly job by hand and waits for it."
  value       = "gcloud run jobs execute ${google_cloud_run_v2_job.etl.name} --region ${var.region} --wait"
}

output "api_url" {
  description = "Address of the data API."
  value       = var.api ? google_cloud_run_v2_service.api[0].uri : null
}

output "etl_account" {
  description = "The account that flow runs work as: service_account_name of a Cloud Run work pool, or of a deployment's --override."
  value       = google_service_account.etl.email
}

output "agent_account" {
  description = "The account of the agent."
  value       = var.agent || var.vm != null ? google_service_account.agent[0].email : null
}

output "tunnel" {
  description = "Brings the pages of the virtual machine to this machine: then http://127.0.0.1:4200 and http://127.0.0.1:8000."
  value = (
    var.vm == null ? null :
    "gcloud compute ssh ${google_compute_instance.vm[0].name} --zone ${var.vm.zone} --tunnel-through-iap -- -N -L 4200:127.0.0.1:4200 -L 8000:127.0.0.1:8000"
  )
}
