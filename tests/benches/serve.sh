# The embedded index under load, beside pypiserver and devpi-server: 2,000 uploads of 10 KB, 10,000 reads of simple
# pages, 16 clients; for the embedded index also an upload of 1 GB and a store of 20,000 projects with 200,000 files.
bin=$(peers serve pypiserver==2.4.1 passlib==1.7.4 devpi-server==6.19.1 devpi-client==7.2.0 setuptools==80.9.0)
"$bin/python" "$here/serve_load.py" "$PUBFLOW" "$bin" "$WORK"
