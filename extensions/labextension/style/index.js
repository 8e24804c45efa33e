import "@cotangent/views/style/index.css";
