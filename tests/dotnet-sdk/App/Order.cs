namespace DotnetSdk.App;

/// <summary>What the checks publish, save and send.</summary>
public sealed record Order(string Id, int Amount, string? Note = null);
