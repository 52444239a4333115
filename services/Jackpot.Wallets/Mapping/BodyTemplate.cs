using System.Buffers;
using System.Text.Json;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Jackpot.Wallets.Mapping;

/// <summary>
/// A JSON body with templates for texts. A field whose template is one name that this transaction does not have is left out. In a batch a node with the
/// only field <c>each</c> becomes a list: what stands under it, once per transaction.
/// </summary>
abstract class BodyTemplate
{
    const string Each = "each";
    const int DepthMax = 8;

    /// <summary>Null, with faults in the file, where it is none.</summary>
    public static BodyTemplate? Read(DataFields fields, string field, IReadOnlySet<string> known) =>
        fields.Find(field) is { } node ? Read(fields, node, known, 0) : null;

    static BodyTemplate? Read(DataFields fields, YamlNode node, IReadOnlySet<string> known, int depth)
    {
        switch (node)
        {
            case var _ when depth > DepthMax:
                fields.FaultAt(node, $"a body has at most {DepthMax} levels");
                return null;
            case YamlMappingNode { Children.Count: 1 } one when one.Children.TryGetValue(Each, out var item):
                return Read(fields, item, known, depth + 1) is { } body ? new EachOf(body) : null;
            case YamlMappingNode map:
                return new Map([.. map.Children.Select(child => (((YamlScalarNode)child.Key).Value!, Read(fields, child.Value, known, depth + 1)!)).Where(child => child.Item2 is not null)]);
            case YamlSequenceNode list:
                return new List([.. list.Select(child => Read(fields, child, known, depth + 1)!).Where(child => child is not null)]);
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: "true" or "false" or "null" } word:
                return new Literal(word.Value!);
            case YamlScalarNode { Style: ScalarStyle.Plain, Value: { } number } when long.TryParse(number, out _):
                return new Literal(number);
            case YamlScalarNode { Value: { } text }:
                if (Template.TryParse(text, known, out var fault) is { } template)
                {
                    return new Text(template);
                }

                fields.FaultAt(node, fault);
                return null;
            default:
                fields.FaultAt(node, "this is no part of a body");
                return null;
        }
    }

    public byte[] Fill(TemplateValues values, IReadOnlyList<TemplateValues> items)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            Write(json, values, items);
        }

        return buffer.WrittenSpan.ToArray();
    }

    public abstract bool Names(string name);

    public virtual bool HasEach => false;

    protected virtual bool IsLeftOut(TemplateValues values) => false;

    protected abstract void Write(Utf8JsonWriter json, TemplateValues values, IReadOnlyList<TemplateValues> items);

    sealed class Map(List<(string Name, BodyTemplate Body)> fields) : BodyTemplate
    {
        public override bool Names(string name) => fields.Exists(field => field.Body.Names(name));

        public override bool HasEach => fields.Exists(one => one.Body.HasEach);

        protected override void Write(Utf8JsonWriter json, TemplateValues values, IReadOnlyList<TemplateValues> items)
        {
            json.WriteStartObject();
            foreach (var (name, body) in fields.Where(field => !field.Body.IsLeftOut(values)))
            {
                json.WritePropertyName(name);
                body.Write(json, values, items);
            }

            json.WriteEndObject();
        }
    }

    sealed class List(List<BodyTemplate> bodies) : BodyTemplate
    {
        public override bool Names(string name) => bodies.Exists(body => body.Names(name));

        public override bool HasEach => bodies.Exists(body => body.HasEach);

        protected override void Write(Utf8JsonWriter json, TemplateValues values, IReadOnlyList<TemplateValues> items)
        {
            json.WriteStartArray();
            foreach (var body in bodies.Where(body => !body.IsLeftOut(values)))
            {
                body.Write(json, values, items);
            }

            json.WriteEndArray();
        }
    }

    sealed class EachOf(BodyTemplate item) : BodyTemplate
    {
        public override bool Names(string name) => item.Names(name);

        public override bool HasEach => true;

        protected override void Write(Utf8JsonWriter json, TemplateValues values, IReadOnlyList<TemplateValues> items)
        {
            json.WriteStartArray();
            foreach (var one in items)
            {
                item.Write(json, one, []);
            }

            json.WriteEndArray();
        }
    }

    sealed class Literal(string text) : BodyTemplate
    {
        public override bool Names(string name) => false;

        protected override void Write(Utf8JsonWriter json, TemplateValues values, IReadOnlyList<TemplateValues> items) => json.WriteRawValue(text);
    }

    sealed class Text(Template template) : BodyTemplate
    {
        public override bool Names(string name) => template.Names(name);

        protected override bool IsLeftOut(TemplateValues values) => template.Value(values) is null;

        protected override void Write(Utf8JsonWriter json, TemplateValues values, IReadOnlyList<TemplateValues> items)
        {
            var value = template.Value(values) ?? new TemplateValue("");
            if (value.IsJson)
            {
                json.WriteRawValue(value.Text);
            }
            else
            {
                json.WriteStringValue(value.Text);
            }
        }
    }
}
