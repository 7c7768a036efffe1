"""Every named read, a module for each noun.

Fetch-and-authorize is one line: get_object_or_404(Model.objects.visible_to(viewer), …).
"""
