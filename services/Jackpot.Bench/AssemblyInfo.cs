// The load generator calls Linux's epoll, and the bed reads /proc.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
