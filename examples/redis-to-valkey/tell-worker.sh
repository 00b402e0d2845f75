# Makes the worker read worker.env again. This one writes down that it was told; yours may be: systemctl reload worker
grep '^CACHE_ENDPOINT=' worker.env >>worker.told
