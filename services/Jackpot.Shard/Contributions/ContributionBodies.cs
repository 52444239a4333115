using System.Text.Json;

namespace Jackpot.Shard.Contributions;

/// <summary>Reads the bodies of the doors.</summary>
internal static class ContributionBodies
{
    /// <summary>One contribution and nothing else.</summary>
    public static ContributionRequest One(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span);
        json.Read();
        var request = ContributionReader.Read(ref json);
        ExpectEnd(ref json);
        return request;
    }

    /// <summary>Reads <c>{"contributions":[…]}</c>, counting past the limit so that the refusal can be told from a smaller fault.</summary>
    public static List<ContributionRequest> Batch(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span);
        var requests = new List<ContributionRequest>();
        json.Read();
        if (json.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("a batch is a JSON object");
        }

        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            var isItems = json.ValueTextEquals("contributions"u8);
            json.Read();
            if (isItems && json.TokenType == JsonTokenType.StartArray)
            {
                ReadItems(ref json, requests);
            }
            else
            {
                json.Skip();
            }
        }

        ExpectEnd(ref json);
        return requests;
    }

    static void ReadItems(ref Utf8JsonReader json, List<ContributionRequest> requests)
    {
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.StartObject)
            {
                requests.Add(ContributionReader.Read(ref json));
            }
            else
            {
                json.Skip();
                requests.Add(new ContributionRequest { WrongTypeField = "contributions[]" });
            }
        }
    }

    static void ExpectEnd(ref Utf8JsonReader json)
    {
        if (json.Read())
        {
            throw new JsonException("there is more after the end");
        }
    }
}
