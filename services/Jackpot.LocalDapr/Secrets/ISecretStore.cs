namespace Jackpot.LocalDapr.Secrets;

/// <summary>Named secrets, each with one or more values.</summary>
interface ISecretStore
{
    /// <summary>The values of one secret; null when there is none of this name.</summary>
    IReadOnlyDictionary<string, string>? Get(string name);

    IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> GetAll();
}
