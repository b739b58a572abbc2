-- The least count of persons that leaves for the Région: read with the names of what is counted.
GRANT SELECT ON disclosure_limits
  TO ramsess_app, ramsess_door, ramsess_report, ramsess_funder, ramsess_guard;
GRANT SELECT, INSERT, UPDATE, DELETE ON disclosure_limits TO ramsess_batch;
