using System.Reflection;
using Jackpot.Contracts.Network;

namespace Jackpot.Contracts.Tests.Network;

/// <summary>What can be said over a border at all, read off the types that are written to it.</summary>
public sealed class NetworkBodiesTests
{
    /// <summary>Every text that crosses, each a name of ours, a hash, or a word of a closed list.</summary>
    static readonly string[] Texts =
    [
        "AwardBody.Award", "AwardBody.Pool", "AwardBody.Shard", "DeltaBody.Jackpot", "DeltaBody.Shard", "EnvelopeBody.Key", "EnvelopeBody.Region", "EnvelopeBody.Shard",
        "EnvelopeBody.Type", "FeederBody.Shard", "PoolBody.Commitment", "PoolBody.Pool", "RangeBody.Jackpot", "RangeBody.Shard", "ReceiptBody.Award",
        "StateBody.HomeShard", "StateBody.Jackpot",
    ];

    static readonly Type[] Numbers = [typeof(int), typeof(long), typeof(Int128), typeof(int?), typeof(long?), typeof(long[])];

    static readonly Type[] Roots = [typeof(DeltaBody), typeof(StateBody), typeof(RangeBody), typeof(EnvelopeBody)];

    [Fact]
    public void Only_numbers_words_of_closed_lists_and_these_texts_cross()
    {
        var texts = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var (owner, property) in Roots.SelectMany(root => Properties(root, [])))
        {
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            var isBytesOfTheEnvelope = owner == typeof(EnvelopeBody) && type == typeof(byte[]);
            if (type == typeof(string))
            {
                texts.Add($"{owner.Name}.{property.Name}");
            }
            else
            {
                Assert.True(Numbers.Contains(type) || type.IsEnum || isBytesOfTheEnvelope || IsBody(type) || IsBody(Element(type)) || Element(type) == typeof(long[]), $"{owner.Name}.{property.Name} is {type.Name}");
            }
        }

        Assert.Equal(Texts, texts);
    }

    [Fact]
    public void Nothing_of_a_person_a_round_or_a_game_has_a_field()
    {
        string[] personal = ["player", "round", "game", "tenant", "brand", "key", "body", "bet", "contribution_id", "idempotency"];
        var names = Roots.SelectMany(root => Properties(root, [])).Where(one => one.Owner != typeof(EnvelopeBody)).Select(one => one.Property.Name).ToArray();
        Assert.True(names.Length > 30);
        Assert.DoesNotContain(names, name => personal.Any(word => name.Contains(word, StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void Nobody_outside_of_this_house_can_add_a_message() =>
        Assert.All(typeof(NetworkMessage).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public), constructor =>
            Assert.True(constructor.IsFamilyAndAssembly || constructor.IsFamily && constructor.GetParameters().Length == 1));

    static IEnumerable<(Type Owner, PropertyInfo Property)> Properties(Type body, HashSet<Type> seen)
    {
        if (!seen.Add(body))
        {
            yield break;
        }

        foreach (var property in body.GetProperties())
        {
            yield return (body, property);
            var inner = IsBody(property.PropertyType) ? property.PropertyType : Element(property.PropertyType);
            foreach (var more in inner is not null && IsBody(inner) ? Properties(inner, seen) : [])
            {
                yield return more;
            }
        }
    }

    static bool IsBody([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] Type? type) =>
        type is not null && type.Namespace == typeof(DeltaBody).Namespace && type.Name.EndsWith("Body", StringComparison.Ordinal);

    static Type? Element(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
