using System.Text;
using System.Text.Json;
using Dapr.AppCallback.Autogen.Grpc.v1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Jackpot.LocalDapr.PubSub;

/// <summary>A cloud event as the message that gRPC subscribers get.</summary>
static class TopicEvents
{
    static readonly JsonParser Extensions = new(JsonParser.Settings.Default);

    /// <exception cref="JsonException">The envelope is not JSON; it was read once before it came here.</exception>
    public static TopicEventRequest Read(ReadOnlyMemory<byte> envelope)
    {
        using var document = JsonDocument.Parse(envelope);
        var request = new TopicEventRequest { Extensions = new Struct() };
        foreach (var field in document.RootElement.EnumerateObject())
        {
            Set(request, field.Name, field.Value);
        }
        return request;
    }

    static void Set(TopicEventRequest request, string name, JsonElement value)
    {
        switch (name)
        {
            case "id":
                request.Id = value.ToString();
                break;
            case "source":
                request.Source = value.ToString();
                break;
            case "type":
                request.Type = value.ToString();
                break;
            case "specversion":
                request.SpecVersion = value.ToString();
                break;
            case "datacontenttype":
                request.DataContentType = value.ToString();
                break;
            case "topic":
                request.Topic = value.ToString();
                break;
            case "pubsubname":
                request.PubsubName = value.ToString();
                break;
            case "data":
                request.Data = ByteString.CopyFrom(Encoding.UTF8.GetBytes(value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText()));
                break;
            case "data_base64":
                request.Data = ByteString.CopyFrom(value.GetBytesFromBase64());
                break;
            default:
                request.Extensions.Fields[name] = Extensions.Parse<Value>(value.GetRawText());
                break;
        }
    }
}
