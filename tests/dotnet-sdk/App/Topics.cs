namespace DotnetSdk.App;

/// <summary>The topics that the application subscribes to, and the paths where their events arrive.</summary>
static class Topics
{
    public const string Plain = "sdk-plain";
    public const string Typed = "sdk-typed";
    public const string Routed = "sdk-routed";
    public const string Failing = "sdk-failing";
    public const string Dropped = "sdk-dropped";
    public const string Dead = "sdk-dead";
    public const string Raw = "sdk-raw";
    public const string Bulk = "sdk-bulk";

    public const string SpecialType = "sdk.special";
    public const string SpecialPath = "/on/special";

    public static string PathOf(string topic) => "/on/" + topic;
}
