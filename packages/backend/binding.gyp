{
  "targets": [
    {
      "target_name": "d2l",
      "sources": [
        "native/addon.cc",
        "native/threads.cc",
        "<!@(node -p \"require('fs').readdirSync('kernels').filter((f) => f.endsWith('.cc')).map((f) => 'kernels/' + f).join(' ')\")"
      ],
      "defines": ["NAPI_VERSION=8"],
      "cflags!": ["-O2", "-g"],
      "cflags_cc!": ["-std=gnu++17", "-std=gnu++20"],
      "cflags_cc": [
        "-std=c++17", "-O3", "-fno-math-errno", "-fno-trapping-math", "-ffp-contract=fast", "-fno-exceptions", "-fno-rtti",
        "-fno-semantic-interposition", "-fvisibility=hidden", "-Wno-unused-function", "-Wno-psabi", "-pthread"
      ],
      "ldflags": ["-pthread"],
      "conditions": [
        ["target_arch=='x64'", { "cflags_cc": ["-march=native"], "xcode_settings": { "OTHER_CPLUSPLUSFLAGS": ["-march=native"] } }],
        ["target_arch=='arm64'", { "cflags_cc": ["-mcpu=native"], "xcode_settings": { "OTHER_CPLUSPLUSFLAGS": ["-mcpu=native"] } }]
      ],
      "xcode_settings": {
        "CLANG_CXX_LANGUAGE_STANDARD": "c++17",
        "GCC_OPTIMIZATION_LEVEL": "3",
        "GCC_ENABLE_CPP_EXCEPTIONS": "NO",
        "GCC_ENABLE_CPP_RTTI": "NO"
      }
    }
  ]
}
