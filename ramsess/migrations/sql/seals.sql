-- What is sealed is added and read; nobody changes or removes it.
GRANT SELECT ON seal_keys, seals TO ramsess_app, ramsess_guard, ramsess_report, ramsess_funder,
  ramsess_door;
GRANT SELECT, INSERT ON seal_keys, seals, sealed_files TO ramsess_batch;
GRANT SELECT ON sealed_files TO ramsess_app;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO ramsess_app, ramsess_batch;
