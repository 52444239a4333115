using System.Text;
using System.Text.Json;
using Jackpot.LocalDapr.Components;

namespace Jackpot.LocalDapr.Bindings;

/// <summary><c>bindings.localstorage</c>: create, get, list and delete files under a root, and nowhere else.</summary>
sealed class LocalStorageBinding(Component component)
{
    const int FilesListedMax = 10_000;

    readonly string _root = Path.GetFullPath(component.Required("rootPath"));

    public async Task<BindingResponse> InvokeAsync(BindingRequest request, CancellationToken cancellation)
    {
        switch (request.Operation)
        {
            case "create":
                return await CreateAsync(request, cancellation);
            case "get":
                var file = Existing(request);
                return BindingResponse.Empty with { Data = await File.ReadAllBytesAsync(file, cancellation) };
            case "delete":
                File.Delete(Existing(request));
                return BindingResponse.Empty;
            case "list":
                return BindingResponse.Empty with { Data = List(request) };
            default:
                throw new BindingException($"invalid operation type: {request.Operation}. Expected one of: create, get, list, delete");
        }
    }

    async Task<BindingResponse> CreateAsync(BindingRequest request, CancellationToken cancellation)
    {
        var path = PathOf(request.Metadata.GetValueOrDefault("fileName") is { Length: > 0 } name ? name : Guid.NewGuid().ToString());
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, Content(request.DataJson), cancellation);
        return BindingResponse.Empty with { Data = JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["fileName"] = path }) };
    }

    /// <summary>A JSON string is stored as its text, or decoded when it is base64; any other JSON as it came.</summary>
    static byte[] Content(byte[] dataJson)
    {
        if (dataJson is not [(byte)'"', ..])
        {
            return dataJson;
        }
        var text = JsonSerializer.Deserialize<string>(dataJson)!;
        var decoded = new byte[text.Length];
        return text.Length > 0 && Convert.TryFromBase64String(text, decoded, out var length) ? decoded[..length] : Encoding.UTF8.GetBytes(text);
    }

    byte[] List(BindingRequest request)
    {
        var folder = request.Metadata.GetValueOrDefault("fileName") is { Length: > 0 } name ? PathOf(name) : _root;
        string[] files = Directory.Exists(folder) ? [.. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Take(FilesListedMax)] : [];
        return JsonSerializer.SerializeToUtf8Bytes(files);
    }

    string Existing(BindingRequest request)
    {
        var path = PathOf(request.Metadata.GetValueOrDefault("fileName") is { Length: > 0 } name ? name : throw new BindingException("fileName is missing in the metadata"));
        return File.Exists(path) ? path : throw new BindingException($"file not found: {path}");
    }

    string PathOf(string name)
    {
        var path = Path.GetFullPath(Path.Combine(_root, name));
        return path.StartsWith(_root + Path.DirectorySeparatorChar, StringComparison.Ordinal) ? path : throw new BindingException($"'{name}' lies outside the rootPath");
    }
}
