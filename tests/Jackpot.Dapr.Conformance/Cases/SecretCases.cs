using Jackpot.Dapr.Conformance.Running;

namespace Jackpot.Dapr.Conformance.Cases;

[Group("B.7 secrets")]
static class SecretCases
{
    public static async Task Bulk_lists_every_secret_with_its_keys(Bench b) => await First(b);

    public static async Task Secret_is_an_object_of_keys_and_values(Bench b)
    {
        var (name, key, value) = await First(b);
        var secret = (await b.Get($"/v1.0/secrets/{b.Options.SecretStore}/{Uri.EscapeDataString(name)}")).Is(200).Json;
        Expect.True(secret.GetProperty(key).GetString() == value, "the value differs from that of the bulk read");
    }

    public static async Task Unknown_secret_is_not_found(Bench b) =>
        (await b.Get($"/v1.0/secrets/{b.Options.SecretStore}/no-such-secret-{b.NewName()}")).Is(204, 404, 500);

    public static async Task Unknown_store_is_401(Bench b) => (await b.Get("/v1.0/secrets/no-such-store/k")).Is(401);

    public static async Task Unknown_store_is_401_for_a_bulk_read(Bench b) => (await b.Get("/v1.0/secrets/no-such-store/bulk")).Is(401);

    static async Task<(string Name, string Key, string Value)> First(Bench b)
    {
        foreach (var secret in (await b.Get($"/v1.0/secrets/{b.Options.SecretStore}/bulk")).Is(200).Json.EnumerateObject())
        {
            foreach (var pair in secret.Value.EnumerateObject().Where(pair => !secret.Name.Contains(':', StringComparison.Ordinal)))
            {
                return (secret.Name, pair.Name, pair.Value.GetString()!);
            }
        }

        throw new SkipCase($"the secret store '{b.Options.SecretStore}' is empty");
    }
}
