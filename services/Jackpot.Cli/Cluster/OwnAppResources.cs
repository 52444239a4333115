using YamlDotNet.RepresentationModel;

namespace Jackpot.Cli.Cluster;

/// <summary>
/// The component files for an app of the user's own (`up --app`): copies in which the app is named, because the repository's name the
/// platform's apps only. It may listen to every topic, and publish what operators publish.
/// </summary>
static class OwnAppResources
{
    const string FolderName = "own-app";

    /// <summary>What an operator's own app publishes: the topic of the component of the same name.</summary>
    const string Published = "bets";

    internal static string Write(RunFolder run, IEnumerable<string> resourcesPaths, string appId)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run.Path, FolderName));
        foreach (var old in folder.GetFiles())
        {
            old.Delete();
        }
        foreach (var file in resourcesPaths.SelectMany(path => Directory.GetFiles(path, "*.yaml")))
        {
            File.WriteAllText(Path.Combine(folder.FullName, Path.GetFileName(file)), WithApp(file, appId));
        }
        return folder.FullName;
    }

    static string WithApp(string file, string appId)
    {
        var yaml = new YamlStream();
        using (var text = File.OpenText(file))
        {
            yaml.Load(text);
        }
        var root = (YamlMappingNode)yaml.Documents[0].RootNode;
        // What else names the platform's apps, such as the store of seals, is not for others.
        if (!root.Children.TryGetValue("scopes", out var scopes) || !((YamlScalarNode)root["spec"]["type"]).Value!.StartsWith("pubsub.", StringComparison.Ordinal))
        {
            return File.ReadAllText(file);
        }
        ((YamlSequenceNode)scopes).Add(appId);
        var metadata = ((YamlSequenceNode)root["spec"]["metadata"]).OfType<YamlMappingNode>().Where(field => field.Children.ContainsKey("value"))
            .ToDictionary(field => ((YamlScalarNode)field["name"]).Value!, field => (YamlScalarNode)field["value"]);
        Grant("subscriptionScopes", metadata.GetValueOrDefault("allowedTopics")?.Value ?? "");
        Grant("publishingScopes", ((YamlScalarNode)root["metadata"]["name"]).Value == Published ? Published : "");
        using var written = new StringWriter();
        yaml.Save(written, assignAnchors: false);
        return written.ToString();

        void Grant(string scopesName, string topics)
        {
            if (metadata.TryGetValue(scopesName, out var granted))
            {
                granted.Value = $"{granted.Value};{appId}={topics}";
            }
            else
            {
                ((YamlSequenceNode)root["spec"]["metadata"]).Add(new YamlMappingNode("name", scopesName, "value", $"{appId}={topics}"));
            }
        }
    }
}
