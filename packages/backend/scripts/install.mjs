console.log("install: skeleton")
