// The local cluster is made of Unix means: signals, /proc, file modes.
[assembly: System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
