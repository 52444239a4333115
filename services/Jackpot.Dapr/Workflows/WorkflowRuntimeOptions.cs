using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Jackpot.Dapr.Workflows;

/// <summary>The workflows and activities of this app and how many may run at once.</summary>
public sealed class WorkflowRuntimeOptions
{
    readonly Dictionary<string, Func<IServiceProvider, IWorkflow>> _workflows = new(StringComparer.Ordinal);
    readonly Dictionary<string, Func<IServiceProvider, IWorkflowActivity>> _activities = new(StringComparer.Ordinal);

    /// <summary>Workflow steps that run at once.</summary>
    public int MaxConcurrentWorkflows { get; set; } = 100;

    /// <summary>Activities that run at once.</summary>
    public int MaxConcurrentActivities { get; set; } = 100;

    /// <summary>How inputs and results are written.</summary>
    public JsonSerializerOptions JsonSerializerOptions { get; set; } = JsonSerializerOptions.Web;

    /// <summary>Registers a workflow class; its name is the class's unless given. Its constructor may take services that are deterministic.</summary>
    public void RegisterWorkflow<TWorkflow>(string? name = null)
        where TWorkflow : class, IWorkflow =>
        Add(_workflows, name ?? typeof(TWorkflow).Name, services => ActivatorUtilities.CreateInstance<TWorkflow>(services));

    /// <summary>Registers a function as a workflow.</summary>
    public void RegisterWorkflow<TInput, TOutput>(string name, Func<WorkflowContext, TInput, Task<TOutput>> implementation) =>
        Add(_workflows, name, _ => new WorkflowFunction<TInput, TOutput>(implementation));

    /// <summary>Registers an activity class; its name is the class's unless given. A new instance is made for each run, in its own scope.</summary>
    public void RegisterActivity<TActivity>(string? name = null)
        where TActivity : class, IWorkflowActivity =>
        Add(_activities, name ?? typeof(TActivity).Name, services => ActivatorUtilities.CreateInstance<TActivity>(services));

    /// <summary>Registers a function as an activity.</summary>
    public void RegisterActivity<TInput, TOutput>(string name, Func<WorkflowActivityContext, TInput, Task<TOutput>> implementation) =>
        Add(_activities, name, _ => new ActivityFunction<TInput, TOutput>(implementation));

    internal Func<IServiceProvider, IWorkflow>? FindWorkflow(string name) => _workflows.GetValueOrDefault(name);

    internal Func<IServiceProvider, IWorkflowActivity>? FindActivity(string name) => _activities.GetValueOrDefault(name);

    internal bool HasAny => _workflows.Count + _activities.Count > 0;

    static void Add<T>(Dictionary<string, T> registry, string name, T factory)
    {
        if (!registry.TryAdd(name, factory))
        {
            throw new ArgumentException($"'{name}' is registered twice.", nameof(name));
        }
    }
}
