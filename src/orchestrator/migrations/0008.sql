-- A limit by name that deployments share, in the place of one of their own.
ALTER TABLE deployment ADD COLUMN shared_limit_id TEXT REFERENCES concurrency_limit(id) ON DELETE SET NULL;
CREATE INDEX deployment_shared_limit ON deployment(shared_limit_id) WHERE shared_limit_id IS NOT NULL;
