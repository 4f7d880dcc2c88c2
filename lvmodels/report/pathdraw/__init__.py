"""Drawing path diagrams: records, layers, rows, coordinates, routes, labels and the matplotlib drawing.

The public door is `lvmodels.report.diagram`. The files here read in the order of the pipeline::

    graph → roles → sizes → board → rows → indicators → places → routes → residuals → labels → layout → drawing

Every length is in points (1/72 inch) at print size; x grows to the right, y upwards.
"""
